FROM busybox
RUN mkdir /o && echo 1 > /o/1
FROM busybox
COPY --from=0 /o /o
