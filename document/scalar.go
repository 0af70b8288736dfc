package document

import (
	"fmt"
	"math"
	"time"
)

// scalar converts a scalar to the few types that values are made of.
func scalar(v any) (any, error) {
	switch v := v.(type) {
	case nil, string, bool, int64:
		return v, nil
	case int:
		return int64(v), nil
	case uint64:
		return float64(v), nil
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, fmt.Errorf("%v has no meaning in JSON", v)
		}
		return v, nil
	case time.Time: // YAML 1.2 readers know dates; values do not
		return v.Format(time.RFC3339Nano), nil
	}
	return nil, fmt.Errorf("a value of type %T has no meaning in JSON", v)
}
