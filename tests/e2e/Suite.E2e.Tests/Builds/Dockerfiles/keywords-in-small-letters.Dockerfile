from busybox as x
run echo 1 > /1
from x
copy a.txt /
cmd ["sh"]
