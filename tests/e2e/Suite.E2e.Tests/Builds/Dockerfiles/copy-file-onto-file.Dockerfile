FROM busybox
COPY a.txt /x
COPY b.txt /x
