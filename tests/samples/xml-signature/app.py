"""Signs XML with libraries that are C: lxml and xmlsec, each with what it needs in its wheel."""

import xmlsec
from lxml import etree

NAMES = {"ds": "http://www.w3.org/2000/09/xmldsig#"}


def handler(event, context):
    document = etree.fromstring(event["xml"].encode())
    signature = xmlsec.template.create(
        document, xmlsec.constants.TransformExclC14N, xmlsec.constants.TransformHmacSha256
    )
    document.append(signature)
    reference = xmlsec.template.add_reference(signature, xmlsec.constants.TransformSha256)
    xmlsec.template.add_transform(reference, xmlsec.constants.TransformEnveloped)
    signing = xmlsec.SignatureContext(xmlsec.KeysManager())
    signing.key = xmlsec.Key.from_binary_data(xmlsec.constants.KeyDataHmac, b"secret" * 6)
    signing.sign(signature)
    checking = xmlsec.SignatureContext()
    checking.key = signing.key
    checking.verify(signature)
    return document.findtext(".//ds:SignatureValue", namespaces=NAMES).strip()
