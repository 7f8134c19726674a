FROM busybox
RUN mkdir -p /d/deep && chmod 700 /d/deep
COPY dir /d/
