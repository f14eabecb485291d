BeforeAll {
    . $PSScriptRoot/common.ps1

    function ConvertTo-Rename([System.Collections.IDictionary] $Names) {
        $Names.GetEnumerator() | ForEach-Object { [pscustomobject] @{ Username = $_.Key; NewName = $_.Value } }
    }

    # The names of the users, each with the annotation by which the user is known.
    function Get-Name([string] $File) {
        Get-PgEdgeUser -Path $File | ForEach-Object { "$($_.Username)=$($_.Annotation -replace ' .*')" }
    }
}

Describe 'Rename-PgEdgeUser' {
    BeforeEach {
        $file = New-UserFile
    }

    It 'changes the key and the username field and leaves every other byte unchanged: <_>' -ForEach @(
        { Rename-PgEdgeUser bob robert -Path $file }
        { 'bob' | Rename-PgEdgeUser -NewName robert -Path $file }
        { Get-PgEdgeUser b* -Path $file | Rename-PgEdgeUser -NewName robert }
        { Rename-PgEdgeUser b* robert -Path $file }
        { [pscustomobject] @{ Username = 'bob'; NewName = 'robert' } | Rename-PgEdgeUser -Path $file }
        { Get-PgEdgeUser bob -Path $file | Rename-PgEdgeUser -NewName { "ro$($_.Username[0])ert" } }
    ) {
        $before = Get-Text $file

        & $_ | Should -BeNullOrEmpty

        Get-Text $file | Should -BeExactly ($before -creplace '(?<=    |username: )bob\b', 'robert')
    }

    It 'keeps the password, and the old name can no longer sign in' {
        Rename-PgEdgeUser bob robert -Path $file

        (New-PgEdgeSession (New-Login robert $Passwords.bob) -Path $file).Username | Should -Be robert
        { New-PgEdgeSession (New-Login bob) -Path $file -ErrorAction Stop } |
            Should -Throw -ErrorId 'AuthenticationFailed,*'
    }

    It 'ends the sessions of the user and no others' {
        $null = 'alice', 'bob' | ForEach-Object { New-PgEdgeSession (New-Login $_) -Path $file }

        Rename-PgEdgeUser bob robert -Path $file

        (Get-PgEdgeSession -Path $file).Username | Should -Be alice
    }

    It 'records one event with the old name, the new name and the reason' {
        Rename-PgEdgeUser bob robert -Path $file -Reason 'Ticket 4711'

        $events = Get-PgEdgeAuditEvent -Path $file -Event UserRenamed
        $events.Username, $events.OldValue, $events.NewValue | Should -Be bob, bob, robert
        $events.Reason | Should -Be 'Ticket 4711'
        Get-PgEdgeAuditEvent -Path $file | Should -HaveCount 1
    }

    It 'returns the renamed users with -PassThru' {
        $users = ConvertTo-Rename ([ordered] @{ alice = 'anna'; bob = 'robert' }) |
            Rename-PgEdgeUser -Path $file -PassThru

        $users.Username | Should -Be anna, robert
        $users.CreatedAt | Should -Be (Get-PgEdgeUser anna, robert -Path $file).CreatedAt
    }

    It 'renames users in order, in one change: <Name>' -ForEach @(
        @{ Name = 'a name that was given up goes to the next user'
            Rows = 'alice>dora', 'bob>alice'; Users = 'alice=Admin', 'charlie=Former', 'dora=Developer' }
        @{ Name = 'two users exchange their names'
            Rows = 'alice>x', 'bob>alice', 'x>bob'; Users = 'alice=Admin', 'bob=Developer', 'charlie=Former' }
        @{ Name = 'a user can be renamed twice'
            Rows = 'alice>x', 'x>y'; Users = 'bob=Admin', 'charlie=Former', 'y=Developer' }
    ) {
        $rows = $Rows | ConvertFrom-Csv -Delimiter '>' -Header Username, NewName

        $rows | Rename-PgEdgeUser -Path $file

        Get-Name $file | Should -Be $Users
        (Get-PgEdgeAuditEvent -Path $file -Event UserRenamed).Username | Should -Be $rows.Username
    }

    It 'refuses the new name ''<NewName>'' with the error <Id>' -ForEach @(
        @{ NewName = 'alice'; Id = 'UserExists' }
        @{ NewName = 'ALICE'; Id = 'UserExists' }
        @{ NewName = 'a b'; Id = 'InvalidUsername' }
        @{ NewName = 'null'; Id = 'InvalidUsername' }
    ) {
        $result = Invoke-Script { Rename-PgEdgeUser bob $NewName -Path $file }

        $result.Errors.FullyQualifiedErrorId | Should -Be "$Id,PgEdgeUsers.Commands.RenamePgEdgeUserCommand"
        "$($result.Errors)" | Should -Not -Match 'Set-PgEdgeUser'
        Test-Untouched $file | Should -BeTrue
    }

    It 'refuses an empty new name and a null one' {
        { Rename-PgEdgeUser bob '' -Path $file } | Should -Throw -ErrorId 'ParameterArgument*'
        { Rename-PgEdgeUser bob $null -Path $file } | Should -Throw -ErrorId 'ParameterArgument*'
        Test-Untouched $file | Should -BeTrue
    }

    It 'can change the case of a name' {
        Rename-PgEdgeUser bob Bob -Path $file

        (Get-PgEdgeUser -Path $file).Username | Should -BeExactly alice, Bob, charlie
    }

    It 'changes and records nothing if the new name is the old one' {
        Rename-PgEdgeUser bob bob -Path $file

        Test-Untouched $file | Should -BeTrue
        Get-PgEdgeAuditEvent -Path $file | Should -BeNullOrEmpty
    }

    It 'renames none of several users that were to get one name: <_>' -ForEach @(
        { Rename-PgEdgeUser * x -Path $file }
        { Rename-PgEdgeUser alice, bob x -Path $file }
        { 'alice', 'bob' | Rename-PgEdgeUser -NewName x -Path $file }
        { Get-PgEdgeUser -Path $file | Rename-PgEdgeUser -NewName x }
    ) {
        $result = Invoke-Script $_

        $result.Errors.FullyQualifiedErrorId |
            Should -Be 'OneNameForSeveralUsers,PgEdgeUsers.Commands.RenamePgEdgeUserCommand'
        Test-Untouched $file | Should -BeTrue
    }

    It 'reports a user that does not exist and renames the others, or none with -ErrorAction Stop' {
        $rows = ConvertTo-Rename ([ordered] @{ dora = 'x'; bob = 'robert' })

        { $rows | Rename-PgEdgeUser -Path $file -ErrorAction Stop } | Should -Throw -ErrorId 'UserNotFound,*'
        Test-Untouched $file | Should -BeTrue
        $result = Invoke-Script { $rows | Rename-PgEdgeUser -Path $file }

        $result.Errors.FullyQualifiedErrorId | Should -Be 'UserNotFound,PgEdgeUsers.Commands.RenamePgEdgeUserCommand'
        (Get-PgEdgeUser -Path $file).Username | Should -Be alice, charlie, robert
    }

    It 'renames a user whose name is <_>, by object' -ForEach @(
        '""', '"*"', '"[ab]*"', '"ali\u200Bce"', '"Alice"', "'-x y'"
    ) {
        Edit-UserFile $file '    bob:' "    ${_}:"

        Get-PgEdgeUser -Path $file | Where-Object Annotation -Like 'Admin*' | Rename-PgEdgeUser -NewName robert

        (Get-PgEdgeUser -Path $file).Username | Should -Be alice, charlie, robert
        Get-Text $file | Should -Match '(?m)^    "robert":$'
    }

    It 'renames the users of two files that have the same name' {
        $other = New-UserFile

        $file, $other | ForEach-Object { Get-PgEdgeUser bob -Path $_ } | Rename-PgEdgeUser -NewName robert

        $file, $other | ForEach-Object { (Get-PgEdgeUser -Path $_).Username } |
            Should -Be alice, charlie, robert, alice, charlie, robert
    }

    It 'shows with -WhatIf what would be done, and checks the order of the names' {
        $rows = 'alice>dora', 'bob>alice', 'charlie>dora' | ConvertFrom-Csv -Delimiter '>' -Header Username, NewName

        $result = Invoke-Script { $rows | Rename-PgEdgeUser -Path $file -WhatIf -PassThru }

        $result.Output.Username | Should -Be dora, alice
        $result.Errors.FullyQualifiedErrorId | Should -Be 'UserExists,PgEdgeUsers.Commands.RenamePgEdgeUserCommand'
        Test-Untouched $file | Should -BeTrue
    }

    It 'keeps PasswordLastSet and is recorded in the history' {
        Set-PgEdgeUser bob -Password (New-Secret $Passwords.new) -Path $file
        $before = Get-PgEdgeUser bob -Path $file

        Rename-PgEdgeUser bob robert -Path $file

        (Get-PgEdgeUser robert -Path $file).PasswordLastSet | Should -Be $before.PasswordLastSet
        (Get-PgEdgeUserHistory -Path $file)[-1].Event | Should -Be Renamed
    }
}
