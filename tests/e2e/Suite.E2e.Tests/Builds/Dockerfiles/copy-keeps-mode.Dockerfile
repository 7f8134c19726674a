FROM busybox
COPY run.sh /run.sh
RUN /run.sh > /out
