FROM busybox AS one
RUN echo 1 > /1
FROM busybox AS two
RUN exit 3
# test: --target one
