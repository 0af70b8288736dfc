package webhook

import (
	"context"
	"errors"
	"fmt"
)

// Answer answers one AdmissionReview as the server does: bytes for bytes. The error says why there is no answer.
func Answer(ctx context.Context, j Judge, body []byte) (answer []byte, allowed bool, err error) {
	request, fault := decode(body)
	if fault != nil {
		return nil, false, errors.New(fault.message)
	}
	v, err := j.Review(ctx, request)
	if err != nil {
		return nil, false, fmt.Errorf("the request could not be judged: %w", err)
	}
	answer, err = encode(request, v)
	return answer, v.Allowed, err
}
