FROM busybox AS broken
RUN exit 3
FROM busybox
RUN echo ok > /ok
