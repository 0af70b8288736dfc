# METADATA
# title: Nothing was lost or done twice at the last switch
# description: |
#   Asks whether, on every partition, the first position that the new plant's output was drunk from follows directly on the last one of the old plant's.
#
#   A gap is input of which downstream never sees the outcome; an overlap is input whose outcome it sees twice, and an order that is shipped
#   twice is as wrong as one that is lost. Both happen within the second of the switch, and neither shows in any average.
# custom:
#   level: 4
#   kind: goal
#   severity: critical
#   remediation: Cut over at one position for each partition, and record the last old and the first new position with the switch as signed evidence.
#   awaits: [evidence]
package pocdr.checks.switch.handed_over
