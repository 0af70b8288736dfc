package lib.kubernetes

is_service {
  input.kind == "Service"
}
