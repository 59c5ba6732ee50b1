"""Write the reference of the library into the folder that was named."""

import sys
from pathlib import Path

from tools.reference.pages import write

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    try:
        write(folder)
    except OSError as error:
        sys.exit(f"The reference cannot be written: {error}; name another folder.")
    print(f"The reference begins at {folder / 'index.html'}")
