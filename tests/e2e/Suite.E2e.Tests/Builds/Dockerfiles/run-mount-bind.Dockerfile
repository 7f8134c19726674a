FROM busybox
RUN --mount=type=bind,source=dir,target=/m ls /m > /seen
