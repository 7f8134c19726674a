FROM busybox
USER 77:88
RUN id -u > /tmp/uid && id -g > /tmp/gid
