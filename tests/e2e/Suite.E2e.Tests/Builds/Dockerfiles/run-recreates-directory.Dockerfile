FROM busybox
RUN mkdir /t && touch /t/old
RUN rm -r /t && mkdir /t && touch /t/new
