package defaulting

import flowcontrolv1 "k8s.io/api/flowcontrol/v1"

func flowSchema(f *flowcontrolv1.FlowSchema) {
	to(&f.Spec.MatchingPrecedence, 1000)
}

func priorityLevel(p *flowcontrolv1.PriorityLevelConfiguration) {
	if exempt := p.Spec.Exempt; exempt != nil {
		pointTo(&exempt.NominalConcurrencyShares, 0)
		pointTo(&exempt.LendablePercent, 0)
	}
	limited := p.Spec.Limited
	if limited == nil {
		return
	}
	pointTo(&limited.NominalConcurrencyShares, 30)
	pointTo(&limited.LendablePercent, 0)
	if queuing := limited.LimitResponse.Queuing; queuing != nil {
		to(&queuing.Queues, 64)
		to(&queuing.HandSize, 8)
		to(&queuing.QueueLengthLimit, 50)
	}
}
