FROM triggers
RUN cat /fired > /second
