FROM busybox AS build
RUN mkdir /o && touch /o/f && chown -R 9:9 /o && chmod 750 /o
FROM busybox
COPY --from=build /o /o
