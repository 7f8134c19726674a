FROM busybox
RUN --mount=type=cache,target=/cache echo x > /cache/x && ls /cache > /seen
RUN ls -a /cache > /after 2>&1 || true
