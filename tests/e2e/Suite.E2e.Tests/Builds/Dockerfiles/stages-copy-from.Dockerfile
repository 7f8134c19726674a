FROM busybox AS build
RUN echo built > /app
FROM scratch
COPY --from=build /app /app
