FROM busybox
COPY a.txt b.txt dir/deep /several/
