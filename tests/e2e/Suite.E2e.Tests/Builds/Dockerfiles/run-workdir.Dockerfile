FROM busybox
WORKDIR /a/b
RUN pwd > where
WORKDIR c
RUN pwd > where
