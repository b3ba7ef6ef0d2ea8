"""The packages that the locks pin: known vulnerabilities, a bill of materials, licences."""
