FROM busybox AS src
RUN mkdir /o && echo s > /o/s
FROM busybox
RUN --mount=type=bind,from=src,source=/o,target=/m cp /m/s /s
