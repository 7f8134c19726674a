FROM busybox
ENV who=world
COPY <<hello.txt <<"raw.txt" /greet/
hello $who
hello.txt
hello $who
raw.txt
COPY <<-ONE /one
		indented
	ONE
