FROM busybox
ADD packed.tar.xz /tar/
