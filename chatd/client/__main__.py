"""``python -m chatd.client`` is ``chat``."""

import sys

from chatd.client.command import main

sys.exit(main())
