# Writes OUT: the hash of everything that decides what becomes of a frame. LIST names a
# file with those paths, one a line.
file(STRINGS ${LIST} paths)
set(all "")
foreach(path ${paths})
    file(SHA256 ${path} hash)
    string(APPEND all "${hash}\n")
endforeach()
string(SHA256 fingerprint "${all}")
file(WRITE ${OUT} "#define BUILD_FINGERPRINT \"${fingerprint}\"\n")
