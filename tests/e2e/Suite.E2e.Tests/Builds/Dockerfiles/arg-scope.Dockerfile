ARG X=outer
FROM busybox AS a
RUN echo "[$X]" > /a
FROM busybox
ARG X
COPY --from=a /a /a
RUN echo "[$X]" > /b
