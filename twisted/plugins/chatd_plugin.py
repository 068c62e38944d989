"""Makes ``twistd chatd`` known. Names a module as a string, so that listing plugins is cheap."""

from twisted.application.service import ServiceMaker

chatd = ServiceMaker("chatd", "chatd.service", "A chat room for netcat and telnet.", "chatd")
