# reject: test_no_ready_made_layer_does_the_work: nn.Linear is wrapped, so nothing is computed here
# says: a layer of PyTorch does the work inside

        # region answer
        self.linear = nn.Linear(in_features, out_features)
        # endregion
        # region answer
        return self.linear(x)
        # endregion
