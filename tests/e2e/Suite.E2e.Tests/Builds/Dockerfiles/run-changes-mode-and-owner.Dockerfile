FROM busybox
RUN touch /f && chmod 4755 /f && chown 5:6 /f && mkdir /d && chmod 1777 /d
RUN chown -R 7:8 /d
