FROM busybox
COPY plain.tar /plain.tar
