BeforeAll {
    . $PSScriptRoot/common.ps1

    # What was done, as 'Action Username: Changes'.
    filter Get-Line {
        "$($_.Action) $($_.Username)$(if ($_.Changes) { ': ' })$($_.Changes -join '; ')"
    }

    function Get-WriteCount([string] $File) {
        @(Get-PgEdgeUserHistory -Path $File | ForEach-Object Time | Sort-Object -Unique).Count
    }
}

Describe 'Sync-PgEdgeUser' {
    BeforeEach {
        $file = New-UserFile
    }

    It 'makes the file match a roster and returns one object for each user' {
        $roster = @'
Username,Annotation,Status,Path
alice,Developer,,/nowhere/users.yaml
bob,,disabled,/nowhere/users.yaml
charlie,Back again,Enabled,/nowhere/users.yaml
dora,Dora,Disabled,/nowhere/users.yaml
'@ | ConvertFrom-Csv

        $result = $roster | Sync-PgEdgeUser -Path $file -Reason 'Ticket 4711'

        $result | Get-Line | Should -BeExactly @(
            'None alice'
            "Disable bob: Status: Enabled -> Disabled; Annotation: 'Admin' -> ''"
            "Change charlie: Status: Disabled -> Enabled; Annotation: 'Former emp' -> 'Back again'; " +
            'FailedAttempts: 3 -> 0'
            "Add dora: Status: Disabled; Annotation: 'Dora'"
        )
        $result.Path | Sort-Object -Unique | Should -Be $file
        Get-PgEdgeUser -Path $file | ForEach-Object { "$_ $($_.Status) $($_.Annotation)" } | Should -BeExactly @(
            'alice Enabled Developer', 'bob Disabled ', 'charlie Enabled Back again', 'dora Disabled Dora')
        (Get-PgEdgeAuditEvent -Path $file).Reason | Sort-Object -Unique | Should -Be 'Ticket 4711'
        Get-WriteCount $file | Should -Be 1
    }

    It 'applies the decisions of an access review, and adds no user that was removed since' {
        $roster = 'alice,keep', 'bob,REMOVE', 'charlie,Disable', 'gone,Keep', '=gone,Disable', 'also.gone,' |
            ConvertFrom-Csv -Header Username, Decision

        Enable-PgEdgeUser charlie -Path $file
        $first = $roster | Sync-PgEdgeUser -Path $file -Force -Confirm:$false
        $second = $roster | Sync-PgEdgeUser -Path $file -Confirm:$false

        $first | Get-Line | Should -Be @(
            'None alice', "Remove bob: Status: Enabled; Annotation: 'Admin'",
            'Disable charlie: Status: Enabled -> Disabled')
        $second | Get-Line | Should -Be 'None alice', 'None charlie'
    }

    It 'rejects a decision that it does not know, and leaves that user unchanged' {
        $result = Invoke-Script {
            'alice,hired', 'bob,Disable' | ConvertFrom-Csv -Header Username, Decision | Sync-PgEdgeUser -Path $file
        }

        $result.Failures | Should -Be 'InvalidDecision: alice'
        $result.Output | Get-Line | Should -Be 'Disable bob: Status: Enabled -> Disabled', 'None charlie'
    }

    It 'removes the apostrophe of a spreadsheet from names and annotations of rows, but not of its own objects' {
        Edit-UserFile $file '    bob:' "    '=bob':"
        $source = New-UserFile
        Edit-UserFile $source '    bob:' "    '''=bob':"

        "'=bob,'-1", "alice,''@x", "charlie,'x" | ConvertFrom-Csv -Header Username, Annotation |
            Sync-PgEdgeUser -Path $file | Get-Line | Should -BeExactly @(
                "Change =bob: Annotation: 'Admin' -> '-1'"
                "Change alice: Annotation: 'Developer' -> ''@x'"
                "Change charlie: Annotation: 'Former emp' -> ''x'")
        Get-PgEdgeUser -Path $source | Sync-PgEdgeUser -Path $source | Get-Line |
            Should -BeExactly "None '=bob", 'None alice', 'None charlie'
    }

    It 'writes nothing in a second run' {
        $roster = 'alice,x,true', 'bob,,', 'dora,,false' | ConvertFrom-Csv -Header Username, Annotation, Enabled
        $null = $roster | Sync-PgEdgeUser -Path $file -Missing Disable -Force
        Set-UserFile $file (Get-Text $file)
        $sidecars = Get-ChildItem "$file.*" | ForEach-Object { Get-Content $_ -Raw }

        $result = $roster | Sync-PgEdgeUser -Path $file -Missing Disable

        $result | Get-Line | Should -BeExactly 'None alice', 'None bob', 'None dora', 'None charlie'
        Test-Untouched $file | Should -BeTrue
        Get-ChildItem "$file.*" | ForEach-Object { Get-Content $_ -Raw } | Should -Be $sidecars
    }

    It 'changes nothing that the roster does not say: <_>' -ForEach @(
        { 'alice', 'bob' | Sync-PgEdgeUser -Path $file }
        { Sync-PgEdgeUser -InputObject alice, bob -Path $file }
        { 'alice', 'bob', 'charlie' | ConvertFrom-Csv -Header Username | Sync-PgEdgeUser -Path $file }
        { Get-PgEdgeUser -Path $file | Sync-PgEdgeUser -Path $file -Missing Remove }
        { Get-PgEdgeUser -Path $file | ConvertTo-Json | ConvertFrom-Json | Sync-PgEdgeUser -Path $file }
        { [pscustomobject] @{ Name = 'bob'; Status = ''; Enabled = $null } | Sync-PgEdgeUser -Path $file }
    ) {
        $result = & $_

        $result.Username | Sort-Object | Should -Be alice, bob, charlie
        $result.Action | Should -Be None, None, None
        Test-Untouched $file | Should -BeTrue
        Get-Sidecar $file | Should -Be users.yaml.lock
    }

    It 'says which users the roster does not name, and <Missing>s them' -ForEach @(
        @{ Missing = 'Ignore'; Line = 'None bob'; Users = 'alice Enabled', 'bob Enabled', 'charlie Disabled' }
        @{ Missing = 'Disable'; Line = 'Disable bob: Status: Enabled -> Disabled'
            Users = 'alice Enabled', 'bob Disabled', 'charlie Disabled' }
        @{ Missing = 'Remove'; Line = "Remove bob: Status: Enabled; Annotation: 'Admin'"
            Users = 'alice Enabled', 'charlie Disabled' }
    ) {
        $null = New-PgEdgeSession (New-Login bob) -Path $file -NoAudit

        $result = 'alice', 'charlie' | Sync-PgEdgeUser -Missing $Missing -Path $file -Confirm:$false

        $result.InRoster | Should -Be $true, $true, $false
        $result[2] | Get-Line | Should -Be $Line
        Get-PgEdgeUser -Path $file | ForEach-Object { "$_ $($_.Status)" } | Should -Be $Users
        @(Get-PgEdgeSession -Path $file).Count | Should -Be ([int] ($Missing -eq 'Ignore'))
    }

    It 'takes users of a directory by SamAccountName, with Enabled and Description' {
        $bob = @{ Name = 'Bob Miller'; SamAccountName = 'bob'; Enabled = $false; Description = @('From AD') }
        [pscustomobject] $bob |
            Sync-PgEdgeUser -Path $file | Select-Object -First 1 | Get-Line |
            Should -BeLike "Disable bob: Status: Enabled -> Disabled; Annotation: 'Admin*' -> 'From AD'"
    }

    It 'takes users of another host for a roster of the local file' {
        $users = Get-PgEdgeUser -Path (New-UserFile) | Select-Object *, @{ n = 'PSComputerName'; e = { 'mcp9' } }

        $result = $users | Sync-PgEdgeUser -Path $file

        $result.Action | Should -Be None, None, None
    }

    It 'shows the plan with -WhatIf, as the real run makes it, and writes nothing' {
        $roster = 'alice,x,true', 'dora,,false' | ConvertFrom-Csv -Header Username, Annotation, Enabled

        $plan = $roster | Sync-PgEdgeUser -Missing Remove -Path $file -Force -WhatIf
        Test-Untouched $file | Should -BeTrue
        Get-Sidecar $file | Should -BeNullOrEmpty
        $result = $roster | Sync-PgEdgeUser -Missing Remove -Path $file -Force -Confirm:$false

        $plan | Get-Line | Should -BeExactly ($result | Get-Line)
        $plan.Action | Should -Be Change, Add, Remove, Remove
    }

    It 'says with -WhatIf what would be done for each user that would change' {
        $screen = Invoke-Shell "'alice' | Sync-PgEdgeUser -Missing Disable -Path '$file' -WhatIf | Out-Null"

        $screen | Should -BeExactly ("What if: Performing the operation `"Disable (Status: Enabled -> Disabled)`" on " +
            "target `"User 'bob' in '$file'`".")
    }

    It 'asks before it removes a user, and only then' {
        $roster = "'alice,x', 'bob,Admin' | ConvertFrom-Csv -Header Username, Annotation"

        $screen = Invoke-Shell "$roster | Sync-PgEdgeUser -Missing Remove -Path '$file' | Out-Null" -Answers n

        @($screen -like '*"Remove*').Count | Should -Be 1
        @($screen -like '*"Change*').Count | Should -Be 0
        Get-PgEdgeUser -Path $file | ForEach-Object Annotation | Should -Be 'x', 'Admin', 'Former emp'
    }

    It 'stops before it does anything, with the error <Id>: <Command>' -ForEach @(
        @{ Id = 'RosterInvalid'; Command = { @() | Sync-PgEdgeUser -Missing Remove -Path $file -Force } }
        @{ Id = 'RosterInvalid'; Command = { Sync-PgEdgeUser -InputObject @() -Missing Remove -Path $file -Force } }
        @{ Id = 'RosterInvalid'; Command = { $null | Sync-PgEdgeUser -Missing Remove -Path $file -Force } }
        @{ Id = 'RosterInvalid'; Command = {
                'a,b', 'c,d' | ConvertFrom-Csv -Header User_Name, Annotation | Sync-PgEdgeUser -Path $file } }
        @{ Id = 'RosterInvalid'; Command = {
                'alice,x', ',y' | ConvertFrom-Csv -Header Username, Annotation | Sync-PgEdgeUser -Path $file } }
        @{ Id = 'RosterInvalid'; Command = {
                'alice,x', 'bob,x', 'alice,x' | ConvertFrom-Csv -Header Username, Annotation |
                    Sync-PgEdgeUser -Path $file } }
        @{ Id = 'RosterInvalid'; Command = { 'alice', 'bob ' | Sync-PgEdgeUser -Missing Remove -Path $file -Force } }
        @{ Id = 'RosterInvalid'; Command = { @{ Username = 'alice' } | Sync-PgEdgeUser -Path $file } }
        @{ Id = 'RosterInvalid'; Command = { Get-Item $file | Sync-PgEdgeUser -Path $file } }
        @{ Id = 'RosterDisablesTooMany'; Command = { 'alice' | Sync-PgEdgeUser -Missing Remove -Path $file } }
        @{ Id = 'RosterDisablesTooMany'; Command = { 'alice' | Sync-PgEdgeUser -Missing Remove -Path $file -WhatIf } }
        @{ Id = 'RosterDisablesTooMany'; Command = {
                'alice,no', 'bob,no' | ConvertFrom-Csv -Header Username, Enabled | Sync-PgEdgeUser -Path $file } }
        @{ Id = 'HandoutPathRequired'; Command = { 'alice' | Sync-PgEdgeUser -GeneratePassword -Path $file } }
        @{ Id = 'HandoutPathRequired'; Command = { 'alice' | Sync-PgEdgeUser -HandoutPath x.csv -Path $file } }
        @{ Id = 'HandoutFailed'; Command = {
                'alice' | Sync-PgEdgeUser -GeneratePassword -HandoutPath $file -Path $file } }
        @{ Id = 'UserFileNotFound'; Command = { Sync-PgEdgeUser -ReferencePath "$file.none" -Path $file } }
    ) {
        $result = Invoke-Script $Command

        $result.Output | Should -BeNullOrEmpty
        $result.Errors.FullyQualifiedErrorId | Should -Be "$Id,PgEdgeUsers.Commands.SyncPgEdgeUserCommand"
        "$($result.Errors)" | Should -Match '^\S.+[.:] .+\.$'
        Test-Untouched $file | Should -BeTrue
        Get-Sidecar $file | Should -BeNullOrEmpty
    }

    It 'goes on with -Force if more than half of the users would be removed' {
        $null = 'alice' | Sync-PgEdgeUser -Missing Remove -Path $file -Force -Confirm:$false

        (Get-PgEdgeUser -Path $file).Username | Should -Be alice
    }

    It 'reports the error <Failure> for one row and goes on, or does nothing with -ErrorAction Stop' -ForEach @(
        @{ Failure = 'InvalidStatus: bob'; Row = @{ Username = 'bob'; Enabled = $true; Status = 'Disabled' } }
        @{ Failure = 'InvalidStatus: bob'; Row = @{ Username = 'bob'; Status = 'perhaps' } }
        @{ Failure = 'InvalidAnnotation: bob'; Row = @{ Username = 'bob'; Annotation = "a`nb" } }
        @{ Failure = 'InvalidAnnotation: bob'; Row = @{ Username = 'bob'; Annotation = 'a', 'b' } }
        @{ Failure = 'PlainTextPassword: bob'; Row = @{ Username = 'bob'; Password = 'plain text password' } }
        @{ Failure = 'PasswordRejected: bob'; Row = @{ Username = 'bob'; Password = [securestring]::new() } }
        @{ Failure = 'PasswordRequired: dora'; Row = @{ Username = 'dora' } }
        @{ Failure = 'UserExists: Bob'; Row = @{ Username = 'Bob'; Enabled = $false } }
    ) {
        $null = New-Secret 'plain text password'
        $rows = [pscustomobject] @{ Username = 'alice'; Annotation = 'x' }, [pscustomobject] $Row

        { $rows | Sync-PgEdgeUser -Path $file -ErrorAction Stop } | Should -Throw
        Test-Untouched $file | Should -BeTrue
        $result = Invoke-Script { $rows | Sync-PgEdgeUser -Missing Disable -Path $file -Force }

        $result.Failures | Should -Be $Failure
        (Get-PgEdgeUser alice -Path $file).Annotation | Should -Be x
        (Get-PgEdgeUser bob -Path $file).Enabled | Should -Be ($Row.Username -ne 'dora')
    }

    It 'takes a disposed password for an error of its row' {
        $password = New-Secret $Passwords.new
        $password.Dispose()

        (Invoke-Script { [pscustomobject] @{ Username = 'bob'; Password = $password } | Sync-PgEdgeUser -Path $file }
        ).Failures | Should -Be 'DisposedPassword: bob'
    }

    Context 'with passwords' {
        It 'sets a password of the roster if it is not the current one' {
            $rows = @(
                [pscustomobject] @{ Username = 'alice'; Password = New-Secret $Passwords.alice }
                [pscustomobject] @{ Username = 'bob'; Password = New-Secret $Passwords.new }
                [pscustomobject] @{ Username = 'dora'; Password = New-Secret $Passwords.charlie }
            )
            $plan = $rows | Sync-PgEdgeUser -Path $file -WhatIf | Get-Line

            $result = $rows | Sync-PgEdgeUser -Path $file

            $result | Get-Line |
                Should -Be 'None alice', 'Change bob: Password: changed', 'Add dora: Status: Enabled', 'None charlie'
            $plan | Should -Be ($result | Get-Line)
            (New-PgEdgeSession (New-Login bob $Passwords.new) -Path $file).Username | Should -Be bob
            (New-PgEdgeSession (New-Login dora $Passwords.charlie) -Path $file).Username | Should -Be dora
        }

        It 'generates passwords for new users only, and hands them out in a file' {
            $handout = Join-Path (Split-Path $file) handout.csv

            $result = 'alice', 'dora', 'erin' | Sync-PgEdgeUser -GeneratePassword -HandoutPath $handout -Path $file

            $result.Action | Should -Be None, Add, Add, None, None
            $rows = Import-Csv $handout
            $rows.Username | Should -Be dora, erin
            (New-PgEdgeSession (New-Login dora $rows[0].Password) -Path $file).Username | Should -Be dora
            'alice', 'dora', 'erin' | Sync-PgEdgeUser -Path $file | ForEach-Object Action |
                Should -Be None, None, None, None, None
        }

        It 'creates no handout if no password was generated' {
            $handout = Join-Path (Split-Path $file) handout.csv

            $null = 'alice' | Sync-PgEdgeUser -GeneratePassword -HandoutPath $handout -Path $file

            Test-Path $handout | Should -BeFalse
        }

        It 'adds a disabled user without a password, with a hash that no password matches' {
            $null = [pscustomobject] @{ Username = 'dora'; Status = 'Disabled' } | Sync-PgEdgeUser -Path $file
            Enable-PgEdgeUser dora -Path $file

            { New-PgEdgeSession (New-Login dora 'anything at all') -Path $file -ErrorAction Stop } |
                Should -Throw -ErrorId 'AuthenticationFailed,*'
            (Test-PgEdgeUserFile $file -Detailed).Username | Should -Not -Contain dora
        }
    }

    Context 'with the users of another file' {
        BeforeEach {
            $reference = New-UserFile
            Set-PgEdgeUser alice -Password (New-Secret $Passwords.new) -Path $reference
            Set-PgEdgeUser bob -Annotation Lead -Path $reference
            Edit-UserFile $reference charlie: '"do ra":'
        }

        It 'shows with -WhatIf in what the files differ, also whether the passwords are the same' {
            $result = Sync-PgEdgeUser -ReferencePath $reference -Path $file -WhatIf

            $result | Get-Line | Should -Be @(
                'Change alice: Password: changed'
                "Change bob: Annotation: 'Admin' -> 'Lead'"
                "Add do ra: Status: Disabled; Annotation: 'Former emp'"
                'None charlie'
            )
            $result.InRoster | Should -Be $true, $true, $true, $false
            Test-Untouched $file | Should -BeTrue
        }

        It 'makes them equal, with passwords, and leaves the other file unchanged' {
            $null = Sync-PgEdgeUser -ReferencePath $reference -Path $file -Missing Remove -Confirm:$false

            foreach ($field in 'Username', 'Status', 'Annotation', 'PasswordLastSet') {
                (Get-PgEdgeUser -Path $file).$field | Should -Be (Get-PgEdgeUser -Path $reference).$field
            }
            (New-PgEdgeSession (New-Login alice $Passwords.new) -Path $file).Username | Should -Be alice
            Test-Untouched $reference | Should -BeTrue
            Sync-PgEdgeUser -ReferencePath $reference -Path $file -Missing Remove | ForEach-Object Action |
                Sort-Object -Unique | Should -Be None
        }
    }

    It 'prints a table and survives another process' {
        $result = 'alice' | Sync-PgEdgeUser -Missing Disable -Path $file

        foreach ($objects in $result, ($result | ConvertTo-Deserialized)) {
            $objects | Get-Screen | Should -Be @(
                'Action  Username             Changes'
                '------  --------             -------'
                'None    alice'
                'Disable bob                  Status: Enabled -> Disabled'
                'None    charlie'
            )
        }
        ($result | Where-Object Action -EQ Disable | Enable-PgEdgeUser -PassThru).Username | Should -Be bob
    }

    It 'never shows a hash or a password' {
        $row = [pscustomobject] @{ Username = 'alice'; Password = New-Secret $Passwords.new }

        $result = Invoke-Script { $row | Sync-PgEdgeUser -Path $file -Verbose }

        Assert-NoSecret ($result.Output | ConvertTo-Json) ($result.Output | Format-List * -Force | Out-String)
        Assert-NoSecret (Get-Content "$file.audit.jsonl" -Raw)
    }
}
