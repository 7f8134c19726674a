FROM busybox
COPY a.txt /tmp/
