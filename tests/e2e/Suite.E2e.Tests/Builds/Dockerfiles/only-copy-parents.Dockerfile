FROM busybox
COPY --parents dir/deep/c1.txt /p/
COPY --parents dir/./deep/c2.txt /q/
