FROM busybox
COPY dir /etc
