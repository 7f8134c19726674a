FROM busybox
RUN mkdir -p /t/x && touch /t/x/y
RUN rm -r /t && echo file > /t
