FROM busybox
ADD plain.tar /tar/
