FROM busybox
ADD packed.tar.bz2 /tar/
