package main

test_tests_are_not_read {
  undefined_function(input)
}
