FROM busybox
RUN --mount=type=tmpfs,target=/t echo x > /t/x && cp /t/x /kept
