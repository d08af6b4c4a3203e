# SPDX-License-Identifier: MIT
"""Packages of every form, made of an object: what other tools write, and what is damaged."""
import base64
import hashlib
import io
import json
import tarfile
import zlib

MEDIA = "application/vnd.skep."
OCI = "application/vnd.oci.image."


def digest(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def skeleton(name="cli_events", **more):
    """bpf_skel as eunomia's compiler writes it."""
    skel = {"obj_name": name + "_bpf", "data_sections": [], "maps": [], "progs": []}
    skel.update(more)
    return skel


def package(obj, skel=None, **meta):
    meta.setdefault("bpf_skel", skel if skel is not None else skeleton())
    return {"bpf_object": base64.b64encode(zlib.compress(obj)).decode(),
            "bpf_object_size": len(obj), "meta": meta}


def package_json(obj, skel=None, **meta):
    return json.dumps(package(obj, skel, **meta)).encode()


def tar(entries, **changes):
    """A tar of (path, bytes); @changes: members of TarInfo of the last entry."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for i, (path, data) in enumerate(entries):
            info = tarfile.TarInfo(path)
            info.size = len(data)
            if i == len(entries) - 1:
                for key, value in changes.items():
                    setattr(info, key, value)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def layout(about, parts, **changes):
    """The files of an OCI layout: layers are (media type, bytes, annotations)."""
    blobs = {}

    def blob(media, data, notes=None):
        blobs[digest(data)] = data
        descriptor = {"mediaType": media, "digest": digest(data), "size": len(data)}
        if notes:
            descriptor["annotations"] = notes
        return descriptor

    manifest = {"schemaVersion": 2, "mediaType": OCI + "manifest.v1+json",
                "artifactType": MEDIA + "package.v1",
                "config": blob(MEDIA + "package.config.v1+json", json.dumps(about).encode()),
                "layers": [blob(*layer) for layer in parts]}
    manifest.update(changes)
    index = {"schemaVersion": 2, "mediaType": OCI + "index.v1+json",
             "manifests": [dict(blob(OCI + "manifest.v1+json", json.dumps(manifest).encode()),
                                artifactType=MEDIA + "package.v1")]}
    files = [("oci-layout", b'{"imageLayoutVersion":"1.0.0"}'),
             ("index.json", json.dumps(index).encode())]
    return files + [("blobs/sha256/" + d[7:], data) for d, data in sorted(blobs.items())]


def object_layer(obj, machine=None, order="little"):
    notes = {"skep.byte-order": order}
    if machine:
        notes["skep.machine"] = machine
    return (MEDIA + "object.v1+elf", obj, notes)
