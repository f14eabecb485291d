# Removed users come back, and users return to an earlier state.

BeforeAll {
    . $PSScriptRoot/common.ps1

    # A time after everything before it, and before everything after it.
    function Get-Moment {
        $before = Get-Date
        do { $moment = Get-Date } until ($moment -gt $before)
        do { $after = Get-Date } until ($after -gt $moment)
        $moment
    }

    function Get-Account([string] $Path) {
        (Get-PgEdgeUser -Path $Path | Select-Object * -ExcludeProperty PasswordLastSet | ConvertTo-Json -Compress)
    }
}

Describe 'Restore-PgEdgeUser' {
    BeforeEach {
        $file = New-UserFile
    }

    It 'brings back all removed users with all fields and the password' {
        $before = Get-Account $file
        Get-PgEdgeUser -Path $file | Remove-PgEdgeUser -Confirm:$false

        Restore-PgEdgeUser * -Path $file | Should -BeNullOrEmpty

        Get-Account $file | Should -BeExactly $before
        (New-PgEdgeSession (New-Login alice) -Path $file).Username | Should -Be alice
    }

    It 'brings back one user: <_>' -ForEach @(
        { Restore-PgEdgeUser bob -Path $file -PassThru }
        { 'bob' | Restore-PgEdgeUser -Path $file -PassThru }
        { $bob | Restore-PgEdgeUser -PassThru }
        { Restore-PgEdgeUser b* -Path $file -PassThru }
    ) {
        $bob = Get-PgEdgeUser bob -Path $file
        Remove-PgEdgeUser * -Path $file -Confirm:$false

        $restored = & $_

        $restored.Username | Should -Be bob
        $restored.Annotation | Should -Be $bob.Annotation
        (Get-PgEdgeUser -Path $file).Username | Should -Be bob
    }

    It 'takes the name of an object literally' {
        Edit-UserFile $file '    bob:' '    "*":'
        $star = Get-PgEdgeUser -Path $file | Where-Object Username -EQ '*'
        Get-PgEdgeUser -Path $file | Remove-PgEdgeUser -Confirm:$false

        $star | Restore-PgEdgeUser

        (Get-PgEdgeUser -Path $file).Username | Should -Be '*'
    }

    It 'is an error for a user whose name is taken' {
        Remove-PgEdgeUser bob -Path $file -Confirm:$false
        $null = New-PgEdgeUser bob -GeneratePassword -Path $file

        { Restore-PgEdgeUser bob -Path $file -ErrorAction Stop } | Should -Throw -ErrorId 'NothingToRestore,*'
    }

    It 'returns users to a time, with one write' {
        $time = Get-Moment
        $before = Get-Account $file
        Set-PgEdgeUser bob -Annotation Changed -Path $file
        Disable-PgEdgeUser alice -Path $file
        Remove-PgEdgeUser charlie -Path $file -Confirm:$false

        $messages = Restore-PgEdgeUser * -Before $time -Path $file -Verbose 4>&1

        Get-Account $file | Should -BeExactly $before
        @($messages -match '^Wrote ').Count | Should -Be 1
    }

    It 'keeps the password unless -IncludePassword is given' {
        $time = Get-Moment
        Set-PgEdgeUser alice -Password (New-Secret $Passwords.new) -Path $file
        Restore-PgEdgeUser alice -Before $time -Path $file
        (New-PgEdgeSession (New-Login alice $Passwords.new) -Path $file).Username | Should -Be alice

        Restore-PgEdgeUser alice -Before $time -IncludePassword -Path $file
        (New-PgEdgeSession (New-Login alice) -Path $file).Username | Should -Be alice
    }

    It 'keeps newer sign-ins' {
        $time = Get-Moment
        Set-PgEdgeUser alice -Annotation Changed -Path $file
        $null = New-PgEdgeSession (New-Login alice) -Path $file
        $signIn = (Get-PgEdgeUser alice -Path $file).LastLogin

        Restore-PgEdgeUser alice -Before $time -Path $file

        $alice = Get-PgEdgeUser alice -Path $file
        $alice.Annotation, $alice.LastLogin | Should -Be Developer, $signIn
    }

    It 'leaves users that were added since, and names them' {
        $time = Get-Moment
        $null = New-PgEdgeUser dora -GeneratePassword -Path $file

        Restore-PgEdgeUser * -Before $time -Path $file -WarningVariable warning

        "$warning" | Should -Be 'These users were added after that time and are kept: dora.'
        (Get-PgEdgeUser -Path $file).Username | Should -Contain dora
    }

    It 'can itself be undone' {
        $time = Get-Moment
        Set-PgEdgeUser bob -Annotation Changed -Path $file
        $later = Get-Moment
        Restore-PgEdgeUser bob -Before $time -Path $file

        Restore-PgEdgeUser bob -Before $later -Path $file

        (Get-PgEdgeUser bob -Path $file).Annotation | Should -Be Changed
    }

    It 'gives a renamed user its earlier name, found by either name: <_>' -ForEach 'bob', 'robert', 'r*', '*' {
        $time = Get-Moment
        $before = Get-Account $file
        Rename-PgEdgeUser bob robert -Path $file
        Set-PgEdgeUser robert -Annotation Changed -Path $file

        Restore-PgEdgeUser $_ -Before $time -Path $file

        Get-Account $file | Should -BeExactly $before
        (Get-PgEdgeUserHistory robert -Path $file)[-1].Changes | Should -Contain "Username: 'robert' -> 'bob'"
    }

    It 'is an error for a renamed user whose earlier name is taken' {
        $time = Get-Moment
        Rename-PgEdgeUser bob robert -Path $file
        $null = New-PgEdgeUser bob -GeneratePassword -Path $file

        { Restore-PgEdgeUser bob -Before $time -Path $file -ErrorAction Stop } | Should -Throw -ErrorId 'UserExists,*'

        (Get-PgEdgeUser -Path $file).Username | Should -Contain robert
    }

    It 'warns if the history does not go back to that time' {
        Set-PgEdgeUser bob -Annotation one -Path $file
        $history = "$file.history.jsonl"
        Set-UserFile $history ((Get-Text $history) -replace '"time":"\d+-', '"time":"2001-')
        Set-PgEdgeUser bob -Annotation two -Path $file
        Set-PgEdgeUser bob -Annotation three -Path $file

        Restore-PgEdgeUser bob -Before 2002-01-01 -Path $file -WarningVariable warning

        "$warning" | Should -Match 'begins at \d{4}-\d\d-\d\d \d\d:\d\d:\d\d; older changes were dropped'
        (Get-PgEdgeUser bob -Path $file).Annotation | Should -Be one
    }

    It 'shows with -WhatIf who would be restored, and changes nothing' {
        Remove-PgEdgeUser bob, charlie -Path $file -Confirm:$false
        $before = Get-Text $file

        $shown = Invoke-Pwsh -Command "Import-Module '$ModulePath'; Restore-PgEdgeUser * -Path '$file' -WhatIf"

        $shown -match '^What if: .*"Bring back".*''(bob|charlie)''' | Should -HaveCount 2
        Get-Text $file | Should -BeExactly $before
    }

    It 'brings nobody back after <Name>' -ForEach @(
        @{ Name = '-NoHistory'; Command = { Remove-PgEdgeUser bob -NoHistory -Path $file -Confirm:$false } }
        @{ Name = '-Purge'; Command = { Remove-PgEdgeUser bob -Purge -Path $file -Confirm:$false } }
        @{ Name = '-Purge of a removed user'; Command = {
                Remove-PgEdgeUser bob -Path $file -Confirm:$false
                Remove-PgEdgeUser bob -Purge -Path $file -Confirm:$false
            }
        }
        @{ Name = 'a removal with the history off'; Command = {
                $env:PGEDGE_AUTH_HISTORY_FILE = 'off'
                Remove-PgEdgeUser bob -Path $file -Confirm:$false
            }
        }
    ) {
        try {
            & $Command
        }
        finally {
            Remove-Item env:PGEDGE_AUTH_HISTORY_FILE -ErrorAction Ignore
        }

        { Restore-PgEdgeUser bob -Path $file -ErrorAction Stop } | Should -Throw -ErrorId 'NothingToRestore,*'
        Get-PgEdgeUserHistory bob -Path $file | Should -BeNullOrEmpty
    }

    It 'completes the names that can be restored' {
        Remove-PgEdgeUser bob -Path $file -Confirm:$false
        $line = "Restore-PgEdgeUser -Path '$file' -Username "

        (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -Be bob
    }
}
