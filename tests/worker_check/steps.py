from host import *
serve()
