/** A certificate for localhost that nobody trusts and that serves a client as well, with its key; made for these tests, good until 2126. */
export const selfSigned = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgi9F/mEuaLFVh9VeT
CxFUsbRpRwbGxnptGcd075aGjAOhRANCAAQu+udAbfGNFPdK+oi4nVFif/JZKpX0
yZvUeGsQuninuqbNkgnwM/mQS422FKyhEcbRfqVRrNsWiGjlefdQ7je7
-----END PRIVATE KEY-----
`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBmzCCAUGgAwIBAgIUTYIdVt9C4K0XJ7NcXLuCOIOaKuEwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMzE2MzQzMFoYDzIxMjYxMDMw
MTYzNDMwWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAQu+udAbfGNFPdK+oi4nVFif/JZKpX0yZvUeGsQuninuqbNkgnwM/mQ
S422FKyhEcbRfqVRrNsWiGjlefdQ7je7o28wbTAdBgNVHQ4EFgQUFHhPNq8hKuaU
as5fT6E36B8R5g8wHwYDVR0jBBgwFoAUFHhPNq8hKuaUas5fT6E36B8R5g8wDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDSAAwRQIhAMoajyywRTTiX49OlbOWbA8OGc3wgR4r40Du5ZWhVCHuAiBx
o3FNYzB3dtwn2yQQpaT63b9IvczZoipyDpeXcwcYLA==
-----END CERTIFICATE-----
`,
};
