FROM busybox
ADD packed.tar.gz /tar/
