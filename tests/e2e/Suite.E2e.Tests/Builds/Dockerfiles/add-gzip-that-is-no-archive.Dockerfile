FROM busybox
ADD only.gz /only.gz
