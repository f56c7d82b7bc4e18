"""Small networks that learn: from a specification to losses, step by step, with nothing but NumPy.

The room's public face (import from the files; each promises what its own docstring says):

    faults.py       NetworkError (one clear sentence) and its kinds:
                        SpecError(place, reason): .place is a path such as "$.network.sizes[1]"
                        DataError(sentence)       TrainingError(sentence)
    spec.py         Spec, frozen: what INTERFACES calls a training specification.
    checking.py     what makes one sensible; refusals with their path.
                        NetworkSpec(sizes, activation, output, batch_norm, residual, dropout)
                        Choice(kind, parameters: {name: float})  of a table's entry
                        Spec(network, data: Data | Dataset, loss, delta, optimizer, learning_rate,
                             schedule, l1, l2, l1_prune, clip_norm, clip_value, initializer, seed,
                             dtype, batch, shuffle, drop_last, epochs,
                             weights: tuple[LayerWeights, ...] | None)
                        .check() raises SpecError; dataclasses.replace makes a changed one
    reading.py      decode(text: str | bytes) -> Spec;  of_json(value: dict) -> Spec
                    to_json(spec) -> dict   (decode(json.dumps(to_json(spec))) is the same spec)
    data.py         Data(inputs (samples, features), targets (samples, outputs), test_inputs,
                             test_targets)
                        .classes: what accuracy counts, or None for numbers
                    DATASETS: {name: Generator};  make(Dataset(...), outputs, output) -> Data
                    FEATURES: {name: feature of (x1, x2)}  as in TensorFlow Playground
    activations.py  ACTIVATIONS     losses.py  LOSSES     optimizers.py  OPTIMIZERS
    initializers.py INITIALIZERS    schedules.py SCHEDULES      each {key: entry with .title}
    chance.py       chance(seed, stream): all that is drawn by lot

    network.py      Network(spec: NetworkSpec, dtype): flat parameters, views per layer
                        .parameters (one contiguous array)   .layers: tuple[Layer, ...]
                        Layer: .W (units, inputs)  .b (units,)  both views that may be written
                               .gamma .beta .mean .variance  (units,) or None without batch norm
                        .weights() -> tuple[LayerWeights, ...] (copies)    .set_weights(weights)
                        .count (parameters)      LayerWeights(W, b, gamma, beta, mean, variance)
                        LayerWeights.to_json() / reading.weights_of_json(...)

    trainer.py      Trainer(spec); steps.py makes the updates, training.py says how many and at
                    what rate (of drawn graphs as well), evaluation.py asks the network
                        .spec .network .data .updates .epochs_done (float: part of the epoch counts)
                        .step() -> Report       one update on the next batch, in the spec's order
                        .epoch() -> Report      the rest of this epoch   .updates_left
                        .run(updates=None, epochs=None, seconds=None, until=None) -> Report
                                                until() -> True stops between updates (cancel)
                        .rewind()               the same start: weights, data order, dropout, state
                        .learning_rate .l1 .l2 .clip_norm .clip_value    live: read and set at once
                        .change(**fields)       any other field of the spec that keeps the weights
                                                (batch, optimizer, loss, ...)
                        .state() -> State; .restore(state)    all that the next step depends on
                        .evaluate(x (samples, features)) -> (samples, outputs), in eval mode
                        .activations(x) -> tuple of (units, samples), one per layer, eval mode
                        .unit_maps(grid (points, features)) -> the same in float32, made for
                                                drawing: buffers are reused from call to call
                        .loss(which="train"|"test") -> float    .accuracy(which) -> float | None
                        .gradients(x, y) -> tuple[LayerWeights, ...]  of mean loss + penalty
                        .flow() -> tuple[LayerFlow, ...]   the last step (see flow.py)
                        .masks                  None, or a function (step, layer, shape) -> mask
                                                in place of drawn dropout masks
    report.py       Report (frozen): .updates .epoch .loss (of the batch, before its update)
                        .learning_rate .fault: Fault | None   .norms: per layer, lazily, until
                        the next step
                    Fault: .layer (1-based; 0 = the inputs) .what ("weights" | "activations" |
                        "gradients" | "inputs")  .updates  .sentence.  Training stops at it;
                        further steps raise TrainingError until .rewind() or .restore(state).
    flow.py         LayerFlow: .activation .backpropagated .weight_gradient (arrays, and .norm_* of
                        them) .mean .std .saturated .dead (shares, 0 to 1) .gradient_to_data
                        .update_to_data   measure(trainer) -> tuple[LayerFlow, ...]

    numeric.py      check_gradient(trainer, x, y, parameters=None) -> GradientCheck: the whole
                        network's gradient beside central differences
    pretraining.py  pretrain(spec, epochs, rate, until, done) -> weights | None
    remedies.py     REMEDIES: {key: Remedy(.title .note .cures .given(spec) .refusal(spec))}
                    treated(spec, key) -> Spec;  compare(spec, key, epochs, ...) -> Twin
                    Twin(before, after) of Course(.losses .accuracies .test_accuracy .first
                        .gradient_norms .fault)
    many.py         Many(spec, seeds=(...) | learning_rates=(...))  runs of one network at once
                        .epoch() .losses (epochs + 1, nets) .median() .band() .weights(index)
                    together.py trains them in one sweep, manyprogram.py is their passes

    unfold.py       unfold(trainer, x, target, masks=, statistics=, penalties=) -> Unfolded
                        .graph .places .weight_of .bias_of .layers .units .loss .seeded
                    refresh(unfolded, trainer, graph) -> Patch    show_sample(...) -> Patch
                    weights_from(unfolded, patch | graph) -> changes;  put(network, changes)
                    batch_statistics(trainer, x)    last_masks(trainer, column)
    drawn.py        DrawnTrainer(graph, loss, bindings, columns, **settings): Trainer's face, with
                        .patch(graph) -> Patch and .follow(graph, patch); refuses by DrawnError
                    inputs_to_bind(graph, loss)
    table.py        read_file(path, given=, kinds=, progress=, until=) -> Table;  sniffing.py
    samples.py      samples_of(table, targets, features=, scaling=, missing=, test=, ...) -> Samples
                        .data .features .outputs .classes .scales .target_scales .notes
    gradcheck.py    check(trainer, x, y, training=) -> NetworkCheck(.passed .worst .lines .sentence)
                    by plainpass.py, the forward pass written a second time
    kept.py         to_document(trainer, name, about) -> (network, datasets) for a document
                    of_document(network, datasets) -> Trainer;  about_samples(samples, title)
    programs.py     PROGRAMS: {key: NetworkExporter(.title .suffix .write(trainer))};
                    written.py is what their texts share

Arrays: samples are rows at the door, `(samples, features)`; inside, units are rows and samples
columns, `(units, batch)`. Layers count from 1 in sentences and from 0 in tuples; the last layer
is the output. Nothing here draws, prints, or waits; a Trainer belongs to one thread at a time.
"""
