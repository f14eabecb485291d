@{
    ExcludeRules = @(
        # Pester runs its blocks in scopes of their own: what one sets, another uses.
        'PSUseDeclaredVarsMoreThanAssignments'
        # What the tests make is gone with their folder.
        'PSUseShouldProcessForStateChangingFunctions'
        # The server that the tests call is on the same machine.
        'PSAvoidUsingAllowUnencryptedAuthentication'
    )
}
