FROM busybox
ADD --unpack=false plain.tar /as/is.tar
