FROM busybox
RUN echo x > /x
FROM busybox AS b
COPY --from=0 /x /y
FROM b
COPY --from=b /y /z
